-- The sequence number (MSH-13) that is expected next of each sender whose numbers are checked.
CREATE TABLE sequence_number (
  sender TEXT PRIMARY KEY,
  -- -1: whatever comes next.
  next   BIGINT NOT NULL
);
