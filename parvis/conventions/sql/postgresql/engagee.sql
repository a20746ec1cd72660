-- tables: dossiers_demande
CREATE OR REPLACE FUNCTION {table}_engagee() RETURNS trigger AS $$
DECLARE
    somme bigint;
BEGIN
    IF NEW.guichet <> 'plateforme'
        OR (TG_OP = 'UPDATE' AND NEW.guichet = OLD.guichet
            AND NEW.montant_engage IS NOT DISTINCT FROM OLD.montant_engage)
    THEN
        RETURN NEW;
    END IF;
    somme := COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = NEW.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = NEW.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_partdecloture WHERE demande_id = NEW.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = NEW.id AND recu_le IS NOT NULL
    ), 0);
    IF COALESCE(NEW.montant_engage, 0) <> somme THEN
        RAISE EXCEPTION 'Ce qui est engagé est ce que disent les actes signés.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_engagee ON {table};
-- fin
CREATE TRIGGER {table}_engagee BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_engagee();
