-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_versee_update;
-- fin
CREATE TRIGGER {table}_versee_update BEFORE UPDATE ON {table}
WHEN NEW.guichet = 'plateforme'
    AND (NEW.montant_verse IS NOT OLD.montant_verse OR NEW.verse_le IS NOT OLD.verse_le
        OR NEW.guichet <> OLD.guichet)
    AND (COALESCE(NEW.montant_verse, 0) <> COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = NEW.id AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = NEW.id AND recu_le IS NOT NULL
    ), 0)
        OR (NEW.montant_verse IS NOT NULL AND NEW.verse_le IS NOT (
        SELECT MAX(versement.verse_le) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = NEW.id AND versement.annule_le IS NULL
    )))
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est versé est ce que disent les versements notés.');
END;
