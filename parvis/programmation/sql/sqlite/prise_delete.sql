-- tables: programmation_decision
DROP TRIGGER IF EXISTS {table}_prise_delete;
-- fin
CREATE TRIGGER {table}_prise_delete BEFORE DELETE ON {table}
WHEN OLD.publiee_le IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'Une décision publiée ne change plus.');
END;
