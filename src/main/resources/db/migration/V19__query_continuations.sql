-- What is still to be given of answers that were longer than their query allowed, so that the next page can be asked
-- for after a restart, and of another engine on the same journal.
CREATE TABLE query_continuation (
  id         ${identity},
  -- Digest of the pointer (DSC-1), of the tenant and of what was asked: whoever has only one of them finds nothing.
  key        TEXT   NOT NULL,
  -- Ids at Cerner and old numbers, sealed where the journal is.
  rest       TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX query_continuation_key ON query_continuation (key);
