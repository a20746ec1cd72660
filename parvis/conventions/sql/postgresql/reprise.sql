-- tables: conventions_partderetrait
CREATE OR REPLACE FUNCTION {table}_reprise() RETURNS trigger AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM conventions_retrait retrait
        -- Une convention et ses avenants sont une seule subvention.
        JOIN conventions_acte acte ON retrait.acte_id IN (acte.id, acte.modifie_id)
        JOIN conventions_lignedacte ligne ON ligne.acte_id = acte.id
        WHERE retrait.id = NEW.retrait_id AND retrait.etat = 'decide'
          AND ligne.id = NEW.ligne_id AND ligne.demande_id = NEW.demande_id
          AND ligne.vaut AND NOT ligne.est_en_nature AND ligne.montant >= NEW.montant
          AND ligne.montant >= NEW.montant_degage
    ) THEN
        RAISE EXCEPTION 'Un retrait décidé reprend ce que son acte engage, et rien d’autre.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_reprise ON {table};
-- fin
CREATE TRIGGER {table}_reprise BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_reprise();
