-- Alerts that an operator does not want to be told of for a while, also those that are over by now. Of what an alert is
-- about and not of one alert: what ends and begins again meanwhile is not told either. No patient data, but for the words.
CREATE TABLE alert_snooze (
  id       ${identity},
  kind     TEXT   NOT NULL,
  subject  TEXT   NOT NULL,
  who      TEXT   NOT NULL,
  -- In their words, sealed.
  why      TEXT   NOT NULL,
  since_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  -- Who did not want to wait so long; empty if nobody.
  woken_by TEXT   NOT NULL,
  -- 0 until an engine has seen that it is over, and owed what is to be told.
  ended_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX alert_snooze_once ON alert_snooze (kind, subject) WHERE ended_at = 0;
CREATE INDEX alert_snooze_ended ON alert_snooze (ended_at) WHERE ended_at > 0;
