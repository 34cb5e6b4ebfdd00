-- Addresses of which no MLLP connection is taken for a while, because an operator said so. What is over stays until the
-- next one is blocked. No patient data, but for the words.
CREATE TABLE peer_block (
  id       ${identity},
  -- As Java writes it, without a zone.
  address  TEXT   NOT NULL,
  who      TEXT   NOT NULL,
  -- In their words, sealed.
  why      TEXT   NOT NULL,
  since_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX peer_block_once ON peer_block (address);
