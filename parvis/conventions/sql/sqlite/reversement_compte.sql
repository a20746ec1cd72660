-- tables: conventions_reversement
DROP TRIGGER IF EXISTS {table}_reversement_compte;
-- fin
CREATE TRIGGER {table}_reversement_compte AFTER UPDATE ON {table}
BEGIN
    {recompter demandes=NEW.demande_id}
END;
