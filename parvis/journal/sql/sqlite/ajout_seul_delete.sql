-- tables: journal_evenement
DROP TRIGGER IF EXISTS {table}_ajout_seul_delete;
-- fin
CREATE TRIGGER {table}_ajout_seul_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Le journal ne s’efface pas.');
END;
