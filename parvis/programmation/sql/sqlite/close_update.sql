-- tables: programmation_seance
DROP TRIGGER IF EXISTS {table}_close_update;
-- fin
CREATE TRIGGER {table}_close_update BEFORE UPDATE ON {table}
WHEN OLD.publiee_le IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;
