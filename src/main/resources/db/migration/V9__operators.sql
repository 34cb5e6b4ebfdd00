-- What an operator asks for beyond verb and message: a JSON object, sealed like their words.
ALTER TABLE operator_request ADD COLUMN details TEXT NOT NULL DEFAULT '';
-- Not carried out before: many requests that are left at once are spread over a time.
ALTER TABLE operator_request ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;

-- The message that an operator has edited, until the engine has stored it as one of its own.
CREATE TABLE operator_request_content (
  request_id BIGINT   PRIMARY KEY REFERENCES operator_request (id),
  message_id BIGINT   NOT NULL,
  raw        ${bytes} NOT NULL
);
CREATE INDEX operator_request_content_of_message ON operator_request_content (message_id);

-- Messages that no sender sent: made of another one by an operator. That one may be removed before.
CREATE TABLE message_origin (
  message_id BIGINT PRIMARY KEY REFERENCES message (id),
  origin_id  BIGINT NOT NULL,
  -- EDITED or RESENT.
  how        TEXT   NOT NULL,
  -- Of RESENT: which of the documents it is to file, by anchor and with a blank between; all if empty.
  anchors    TEXT   NOT NULL
);
CREATE INDEX message_origin_of ON message_origin (origin_id);

-- Feeds and lanes that an operator paused, also those that go on by now.
CREATE TABLE delivery_pause (
  id       ${identity},
  -- FEED or LANE.
  kind     TEXT   NOT NULL,
  -- Of a feed its name, of a lane its digest as messages have it.
  name     TEXT   NOT NULL,
  who      TEXT   NOT NULL,
  why      TEXT   NOT NULL,
  since_at BIGINT NOT NULL,
  -- 0 as long as it holds.
  ended_at BIGINT NOT NULL,
  ended_by TEXT   NOT NULL
);
CREATE UNIQUE INDEX delivery_pause_once ON delivery_pause (kind, name) WHERE ended_at = 0;
