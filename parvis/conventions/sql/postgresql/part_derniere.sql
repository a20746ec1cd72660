-- tables: conventions_partdeversement
CREATE OR REPLACE FUNCTION {table}_part_derniere() RETURNS trigger AS $$
BEGIN
    UPDATE conventions_versement versement SET derniere_part_id = NEW.id
        WHERE versement.id = NEW.versement_id AND versement.montant = (
            SELECT SUM(montant) FROM {table} WHERE versement_id = NEW.versement_id
        );
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_part_derniere ON {table};
-- fin
CREATE TRIGGER {table}_part_derniere AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_part_derniere();
