-- tables: conventions_partdeversement
DROP TRIGGER IF EXISTS {table}_part_derniere;
-- fin
CREATE TRIGGER {table}_part_derniere AFTER INSERT ON {table}
WHEN (SELECT montant FROM conventions_versement WHERE id = NEW.versement_id)
    = (SELECT SUM(montant) FROM {table} WHERE versement_id = NEW.versement_id)
BEGIN
    UPDATE conventions_versement SET derniere_part_id = NEW.id WHERE id = NEW.versement_id;
END;
