-- The numbers by which people ask for a message: of patient, visit, order, filler, document and accession. Each
-- is a digest, and a keyed hash in an encrypted journal. Engines of the version before remove messages without
-- knowing of this table, so it goes with them by itself.
CREATE TABLE business_key (
  kind       TEXT   NOT NULL,
  key        TEXT   NOT NULL,
  message_id BIGINT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  -- 1: the number of a report, and its message is not done with. Those that come later wait behind it.
  open       INT    NOT NULL,
  PRIMARY KEY (kind, key, message_id)
);
CREATE INDEX business_key_of_message ON business_key (message_id);
CREATE INDEX business_key_open ON business_key (kind, key, message_id) WHERE open = 1;

-- 1 once delivery has looked into the message: its lane and its numbers are on record. What waits from before
-- is looked into anew.
ALTER TABLE message ADD COLUMN keyed INT NOT NULL DEFAULT 0;

-- What waits is loaded sender by sender, so that the backlog of one keeps no other out.
CREATE INDEX message_waiting_of_sender ON message (sender, id) WHERE state IN ('QUEUED', 'SENDING', 'RETRYING');

-- What a lane waits behind, where a feed says that it does.
CREATE INDEX message_stopped_in_lane ON message (lane, id) WHERE state IN ('HELD', 'REFUSED');
