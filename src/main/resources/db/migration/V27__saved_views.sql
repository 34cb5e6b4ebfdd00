-- Lists of messages that people have given a name at the console, to open them again. What was searched for by number,
-- which may be a patient's, is never part of one.
CREATE TABLE saved_view (
  id       ${identity},
  -- The account that has it to itself; empty for all who may look at messages.
  owner    TEXT   NOT NULL,
  -- As it was typed; encrypted, where the journal is.
  name     TEXT   NOT NULL,
  -- What the list is narrowed to; empty for no such part, 0 for no such time. States with commas between.
  states   TEXT   NOT NULL,
  reason   TEXT   NOT NULL,
  feed     TEXT   NOT NULL,
  sender   TEXT   NOT NULL,
  since_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  made_by  TEXT   NOT NULL,
  made_at  BIGINT NOT NULL
);
CREATE INDEX saved_view_owner ON saved_view (owner);
