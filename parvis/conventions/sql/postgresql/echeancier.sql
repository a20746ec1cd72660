-- tables: conventions_acte
CREATE OR REPLACE FUNCTION {table}_echeancier() RETURNS trigger AS $$
BEGIN
    -- En préparation, un échéancier s'écrit ligne à ligne : il se compte quand il cesse de changer.
    IF OLD.etat = 'prepare' AND NEW.etat NOT IN ('prepare', 'annule') AND NEW.montant <> COALESCE((
        SELECT SUM(montant) FROM conventions_echeance WHERE acte_id = NEW.id
    ), 0) THEN
        RAISE EXCEPTION 'Les échéances d’un acte font, au centime, ce qu’il engage en argent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_echeancier ON {table};
-- fin
CREATE TRIGGER {table}_echeancier BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_echeancier();
