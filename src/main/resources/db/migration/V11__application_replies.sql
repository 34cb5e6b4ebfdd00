-- Application acknowledgments that senders in enhanced mode ask for (MSH-16): a row is written in the commit that takes the message in.
CREATE TABLE application_reply (
  message_id  BIGINT PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  -- AL, ER or SU: of which outcome the sender wants to hear.
  asked       TEXT     NOT NULL,
  -- host:port; empty for the connection that the message came on.
  address     TEXT     NOT NULL,
  -- OWED, GIVEN, NOT_HEARD or NONE.
  state       TEXT     NOT NULL,
  -- Empty until the message has come to its end.
  reply       ${bytes} NOT NULL,
  attempts    INT      NOT NULL,
  next_try_at BIGINT   NOT NULL,
  last_error  TEXT     NOT NULL
);
CREATE INDEX application_reply_owed ON application_reply (message_id) WHERE state = 'OWED' AND address <> '';
