-- Creates that HTTP callers asked for under an Idempotency-Key, so that the same one, asked for again, is answered
-- again and not made again.
CREATE TABLE create_request (
  id          ${identity},
  -- Of tenant, caller and its key: a keyed hash; a digest in a plain journal.
  request_key TEXT     NOT NULL,
  -- The same of what was asked for: path and body.
  content     TEXT     NOT NULL,
  begun_at    BIGINT   NOT NULL,
  -- Until then it may be under way, whichever engine it is at.
  ends_at     BIGINT   NOT NULL,
  -- Of the answer; 0 as long as there is none. After ends_at: its engine stopped, and its outcome is not known.
  status      INT      NOT NULL,
  -- Headers and body, sealed.
  answer      ${bytes} NOT NULL
);
CREATE UNIQUE INDEX create_request_by_key ON create_request (request_key);
CREATE INDEX create_request_begun ON create_request (begun_at);
