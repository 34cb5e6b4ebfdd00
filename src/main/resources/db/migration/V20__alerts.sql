-- What was or is the matter with engine, feeds and Cerner, so that it is told once when it begins and once when it ends:
-- by one of the engines that share the journal, and over restarts. No patient data.
CREATE TABLE alert (
  id         ${identity},
  -- A published word: queue-age.
  kind       TEXT   NOT NULL,
  -- A feed, a tenant; empty where there is only one.
  subject    TEXT   NOT NULL,
  sentence   TEXT   NOT NULL,
  started_at BIGINT NOT NULL,
  -- When an engine last found it to be so.
  seen_at    BIGINT NOT NULL,
  -- 0 as long as it is open.
  ended_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX alert_open_once ON alert (kind, subject) WHERE ended_at = 0;
CREATE INDEX alert_ended ON alert (ended_at) WHERE ended_at > 0;

-- What is to be told of it, and to whom; kept until it was taken.
CREATE TABLE alert_notice (
  id         ${identity},
  alert_id   BIGINT NOT NULL REFERENCES alert (id),
  -- STARTED or ENDED.
  news       TEXT   NOT NULL,
  -- webhook or mail.
  way        TEXT   NOT NULL,
  tries      INT    NOT NULL,
  -- An engine that sends it puts this ahead, so that no other one does.
  not_before BIGINT NOT NULL,
  -- 0 until it was taken.
  told_at    BIGINT NOT NULL
);
CREATE INDEX alert_notice_untold ON alert_notice (id) WHERE told_at = 0;
CREATE INDEX alert_notice_of_alert ON alert_notice (alert_id);
