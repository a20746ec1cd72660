-- tables: conventions_partdecloture
DROP TRIGGER IF EXISTS {table}_degagee_insert;
-- fin
CREATE TRIGGER {table}_degagee_insert BEFORE INSERT ON {table}
WHEN NOT EXISTS (
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
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ligne_id = NEW.ligne_id)
BEGIN
    SELECT RAISE(ABORT, 'Une clôture dégage d’une demande tout ce qui n’en est pas versé, et rien d’autre.');
END;
