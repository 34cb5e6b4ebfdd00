-- Listings go from the newest message down until their page is full: what few messages have must not be looked
-- for through years of others. The indexes of sender and feed leave out what no listing asks for, so that only
-- statements with these words take them: those that count by feed what waits would go through all of it.
CREATE INDEX message_of_sender ON message (sender, id) WHERE sender <> '';
CREATE INDEX message_of_feed ON message (feed, id) WHERE feed <> '';

-- Most messages have no reason to give, and few are put aside.
CREATE INDEX message_of_reason ON message (reason_code, id) WHERE reason_code <> '';
CREATE INDEX message_put_aside ON message (id) WHERE state IN ('FILTERED', 'DISCARDED');
