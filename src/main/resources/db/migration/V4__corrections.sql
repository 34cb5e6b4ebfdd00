-- What a document was last sent as, so that a later message of the same report knows what it finds in its
-- place; UNKNOWN if it was never sent, or before this was kept.
ALTER TABLE ledger ADD COLUMN filed_as TEXT NOT NULL DEFAULT 'UNKNOWN';

-- Who else changed a document: the newest row of several is what it should be now.
CREATE INDEX ledger_resource ON ledger (resource_id) WHERE resource_id <> '';

-- Reports are looked up with each message, mostly for what came later; some senders number no reports, and
-- thousands of messages then have the same number.
DROP INDEX ledger_filler_number;
CREATE INDEX ledger_report ON ledger (filler_number, message_id);
CREATE INDEX ledger_preliminary ON ledger (filler_number) WHERE filed_as = 'PRELIMINARY';
