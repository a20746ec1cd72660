-- tables: dossiers_demande
-- Verrouille la demande, puis recompte : chaque ordre d'une fonction relit ce que les autres ont validé.
CREATE OR REPLACE FUNCTION conventions_recompter(laquelle bigint) RETURNS void AS $$
DECLARE
    verse bigint;
    engage bigint;
BEGIN
    PERFORM 1 FROM dossiers_demande WHERE id = laquelle FOR NO KEY UPDATE;
    verse := COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = laquelle AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = laquelle AND recu_le IS NOT NULL
    ), 0);
    engage := COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = laquelle AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = laquelle
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_partdecloture WHERE demande_id = laquelle
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = laquelle AND recu_le IS NOT NULL
    ), 0);
    UPDATE dossiers_demande SET
        montant_verse = NULLIF(verse, 0),
        verse_le = CASE WHEN verse = 0 THEN NULL ELSE (
        SELECT MAX(versement.verse_le) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = laquelle AND versement.annule_le IS NULL
    ) END,
        montant_engage = NULLIF(engage, 0),
        engage_le = CASE WHEN engage = 0 THEN NULL ELSE COALESCE(engage_le, (
        -- Tout était rendu, et ne l'est plus : le jour revient avec l'argent.
        SELECT MAX(acte.signe_le) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = laquelle AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    )) END
    WHERE id = laquelle;
END;
$$ LANGUAGE plpgsql;
-- fin
CREATE OR REPLACE FUNCTION {table}_versee() RETURNS trigger AS $$
DECLARE
    somme bigint;
    dernier date;
BEGIN
    IF NEW.guichet <> 'plateforme'
        OR (TG_OP = 'UPDATE' AND NEW.montant_verse IS NOT DISTINCT FROM OLD.montant_verse
            AND NEW.verse_le IS NOT DISTINCT FROM OLD.verse_le AND NEW.guichet = OLD.guichet)
    THEN
        RETURN NEW;
    END IF;
    somme := COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = NEW.id AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = NEW.id AND recu_le IS NOT NULL
    ), 0);
    dernier := (
        SELECT MAX(versement.verse_le) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = NEW.id AND versement.annule_le IS NULL
    );
    IF COALESCE(NEW.montant_verse, 0) <> somme OR (NEW.montant_verse IS NOT NULL AND NEW.verse_le IS DISTINCT FROM dernier) THEN
        RAISE EXCEPTION 'Ce qui est versé est ce que disent les versements notés.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_versee ON {table};
-- fin
CREATE TRIGGER {table}_versee BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_versee();
