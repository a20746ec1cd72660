-- tables: cadre_declinaison, cadre_renvoi, cadre_constat, cadre_rubriquedefiche, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
DROP TRIGGER IF EXISTS {table}_figee_insert;
-- fin
CREATE TRIGGER {table}_figee_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM cadre_edition
    WHERE statut = 'publiee'
      -- La seconde ligne voit REPLACE, qui effacerait en silence une ligne figée.
      AND id IN (NEW.edition_id, (SELECT edition_id FROM {table} WHERE id = NEW.id))
)
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
