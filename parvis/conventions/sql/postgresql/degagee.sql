-- tables: conventions_partdecloture
CREATE OR REPLACE FUNCTION {table}_degagee() RETURNS trigger AS $$
BEGIN
    PERFORM 1 FROM dossiers_demande WHERE id = NEW.demande_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM conventions_cloture cloture
        JOIN conventions_lignedacte ligne ON ligne.acte_id = cloture.acte_id
        WHERE cloture.id = NEW.cloture_id
          AND ligne.id = NEW.ligne_id AND ligne.demande_id = NEW.demande_id
          AND ligne.vaut AND NOT ligne.est_en_nature
          AND NEW.montant = ligne.montant - COALESCE((
            SELECT SUM(part.montant) FROM conventions_partdeversement part
            JOIN conventions_versement versement ON versement.id = part.versement_id
            WHERE part.ligne_id = NEW.ligne_id AND versement.annule_le IS NULL
          ), 0)
    ) THEN
        RAISE EXCEPTION 'Une clôture dégage d’une demande tout ce qui n’en est pas versé, et rien d’autre.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_degagee ON {table};
-- fin
CREATE TRIGGER {table}_degagee BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_degagee();
