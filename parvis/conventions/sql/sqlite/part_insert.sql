-- tables: conventions_partdeversement
DROP TRIGGER IF EXISTS {table}_part_insert;
-- fin
CREATE TRIGGER {table}_part_insert BEFORE INSERT ON {table}
WHEN NOT EXISTS (
        SELECT 1 FROM conventions_versement versement
        JOIN conventions_lignedacte ligne ON ligne.acte_id = versement.acte_id
        WHERE versement.id = NEW.versement_id AND versement.annule_le IS NULL
          AND ligne.id = NEW.ligne_id AND ligne.demande_id = NEW.demande_id
          AND ligne.vaut AND NOT ligne.est_en_nature
          AND versement.montant >= NEW.montant + COALESCE((
            SELECT SUM(montant) FROM {table} WHERE versement_id = NEW.versement_id
          ), 0)
          AND ligne.montant >= NEW.montant + COALESCE((
            SELECT SUM(part.montant) FROM {table} part
            JOIN conventions_versement autre ON autre.id = part.versement_id
            WHERE part.ligne_id = NEW.ligne_id AND autre.annule_le IS NULL
          ), 0)
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (
        SELECT 1 FROM {table}
        WHERE id = NEW.id OR (versement_id = NEW.versement_id AND ligne_id = NEW.ligne_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'Les parts d’un versement vont aux demandes de son acte, sans dépasser ni lui ni ce qu’il engage.');
END;
