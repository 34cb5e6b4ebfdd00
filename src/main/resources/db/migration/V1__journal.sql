-- The journal. One schema for two databases: what differs stands in the placeholders.
-- Times are milliseconds since 1970-01-01T00:00Z; texts are never null, the empty text says "none".

CREATE TABLE feed (
  name    TEXT PRIMARY KEY,
  types   TEXT NOT NULL,
  zone    TEXT NOT NULL,
  charset TEXT NOT NULL
);

CREATE TABLE message (
  id           ${identity},
  kind         TEXT   NOT NULL,
  -- Sender, control id and content as one digest: what makes a message the same again. Null for questions,
  -- which may be asked as often as one likes.
  message_key  TEXT,
  feed         TEXT   NOT NULL,
  sender       TEXT   NOT NULL,
  control_id   TEXT   NOT NULL,
  message_type TEXT   NOT NULL,
  peer         TEXT   NOT NULL,
  received_at  BIGINT NOT NULL,
  -- Digest of sender and patient; null until delivery has looked into the message.
  lane         TEXT,
  state        TEXT   NOT NULL,
  reason_code  TEXT   NOT NULL,
  reason       TEXT   NOT NULL,
  remedy       TEXT   NOT NULL,
  who_acts     TEXT   NOT NULL,
  attempts     INT    NOT NULL,
  next_try_at  BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  content_hash TEXT   NOT NULL,
  reply_state  TEXT   NOT NULL
);
CREATE UNIQUE INDEX message_once ON message (message_key);
CREATE INDEX message_control_id ON message (control_id, sender);
CREATE INDEX message_waiting ON message (id) WHERE state IN ('QUEUED', 'SENDING', 'RETRYING');
CREATE INDEX message_stopped ON message (id) WHERE state IN ('HELD', 'REFUSED');

-- Apart from message, so that listings do not drag contents along and contents can be pruned first.
CREATE TABLE message_content (
  message_id BIGINT PRIMARY KEY REFERENCES message (id),
  raw        ${bytes} NOT NULL,
  reply      ${bytes} NOT NULL,
  report     TEXT     NOT NULL
);

-- The journey of a message: what was noticed on the way.
CREATE TABLE note (
  id         ${identity},
  message_id BIGINT NOT NULL REFERENCES message (id),
  at         BIGINT NOT NULL,
  code       TEXT   NOT NULL,
  sentence   TEXT   NOT NULL
);
CREATE INDEX note_of_message ON note (message_id);

-- One row for each create a message asks for, written before the create is sent.
CREATE TABLE ledger (
  message_id    BIGINT NOT NULL REFERENCES message (id),
  anchor        TEXT   NOT NULL,
  action        TEXT   NOT NULL,
  marker        TEXT   NOT NULL,
  filler_number TEXT   NOT NULL,
  patient_id    TEXT   NOT NULL,
  state         TEXT   NOT NULL,
  resource_id   TEXT   NOT NULL,
  version       TEXT   NOT NULL,
  attempts      INT    NOT NULL,
  first_sent_at BIGINT NOT NULL,
  looks         INT    NOT NULL,
  last_error    TEXT   NOT NULL,
  cerner_text   TEXT   NOT NULL,
  PRIMARY KEY (message_id, anchor)
);
CREATE INDEX ledger_filler_number ON ledger (filler_number);

-- Each HTTP exchange with Cerner: templates only, no values.
CREATE TABLE cerner_call (
  id            ${identity},
  message_id    BIGINT NOT NULL,
  at            BIGINT NOT NULL,
  method        TEXT   NOT NULL,
  path_template TEXT   NOT NULL,
  status        INT    NOT NULL,
  request_id    TEXT   NOT NULL,
  duration_ms   BIGINT NOT NULL
);
CREATE INDEX cerner_call_of_message ON cerner_call (message_id);

-- What operators ask for; the engine carries it out and writes the outcome.
CREATE TABLE operator_request (
  id         ${identity},
  verb       TEXT   NOT NULL,
  message_id BIGINT NOT NULL,
  who        TEXT   NOT NULL,
  why        TEXT   NOT NULL,
  asked_at   BIGINT NOT NULL,
  done_at    BIGINT NOT NULL,
  outcome    TEXT   NOT NULL
);
CREATE INDEX operator_request_open ON operator_request (id) WHERE done_at = 0;
