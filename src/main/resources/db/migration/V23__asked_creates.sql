-- Creates that HTTP callers asked to have stored and delivered: by what they ask what came of theirs. The create
-- itself is a message like any other; this goes with it.
CREATE TABLE asked_create (
  message_id BIGINT PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  -- Of tenant, caller and the ticket in the status URL: a keyed hash; a digest in a plain journal.
  ticket     TEXT   NOT NULL
);
CREATE UNIQUE INDEX asked_create_by_ticket ON asked_create (ticket);
