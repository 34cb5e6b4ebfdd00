-- The keys that contents were encrypted with, without the keys themselves. Contents name them by number; no
-- row means that the journal is plain.
CREATE TABLE journal_key (
  number      INT      PRIMARY KEY,
  id          TEXT     NOT NULL UNIQUE,
  -- Keyed hash of a fixed text: tells a wrong key from the right one.
  fingerprint TEXT     NOT NULL,
  -- The secret of the keyed hashes, encrypted with this key; empty once the key is not needed any more.
  secret      ${bytes} NOT NULL,
  made_at     BIGINT   NOT NULL,
  -- When it was last taken into use: the latest of all keys is the one that encrypts.
  used_at     BIGINT   NOT NULL,
  -- When the last row of this key was written anew with another; 0 while there may be some.
  retired_at  BIGINT   NOT NULL,
  -- When what was plain before this key was written over; 0 while that is still to be done.
  cleaned_at  BIGINT   NOT NULL
);

-- What was asked of Cerner and what came back, cut to a limit. Apart from cerner_call, so that it can be
-- removed with the contents of the message.
CREATE TABLE cerner_call_content (
  call_id    BIGINT   PRIMARY KEY REFERENCES cerner_call (id),
  message_id BIGINT   NOT NULL,
  request    ${bytes} NOT NULL,
  response   ${bytes} NOT NULL
);
CREATE INDEX cerner_call_content_of_message ON cerner_call_content (message_id);

-- Where a column is searched by, it holds a keyed hash in an encrypted journal, and the value stands beside
-- it, encrypted. In a plain journal it holds the value, and the column beside it is empty.
ALTER TABLE ledger ADD COLUMN filler_sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE unknown_code ADD COLUMN code_sealed TEXT NOT NULL DEFAULT '';

-- What is on record about a message is removed with it.
CREATE INDEX operator_request_of_message ON operator_request (message_id);
