-- Several engines on one database. Lanes hash into 256 slots; who owns a slot delivers its lanes. On SQLite
-- there is one engine, which owns all of them without a word here.

-- An engine that runs is a row, with a name of its own for each start. It owns what names it as long as the
-- row is there: another engine may remove the row once its time has run out, by the database's clock.
CREATE TABLE engine_node (
  node      TEXT   PRIMARY KEY,
  joined_at BIGINT NOT NULL,
  until_at  BIGINT NOT NULL
);

-- The fence rises with each change of owner. What is written of a delivery names the fence it was begun
-- under, and counts only while that is the current one.
CREATE TABLE lane_slot (
  slot  INT    PRIMARY KEY,
  node  TEXT   NOT NULL,
  fence BIGINT NOT NULL
);
INSERT INTO lane_slot (slot, node, fence)
  WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 255)
  SELECT n, '', 0 FROM number;
