-- tables: programmation_seance
DROP TRIGGER IF EXISTS {table}_close_delete;
-- fin
CREATE TRIGGER {table}_close_delete BEFORE DELETE ON {table}
WHEN OLD.publiee_le IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;
