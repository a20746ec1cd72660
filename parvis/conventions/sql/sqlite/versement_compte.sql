-- tables: conventions_versement
DROP TRIGGER IF EXISTS {table}_versement_compte;
-- fin
CREATE TRIGGER {table}_versement_compte AFTER UPDATE OF annule_le ON {table}
BEGIN
    {recompter demandes=SELECT demande_id FROM conventions_partdeversement WHERE versement_id = NEW.id}
END;
