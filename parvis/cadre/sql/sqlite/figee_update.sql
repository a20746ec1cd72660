-- tables: cadre_declinaison, cadre_renvoi, cadre_constat, cadre_rubriquedefiche, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
DROP TRIGGER IF EXISTS {table}_figee_update;
-- fin
CREATE TRIGGER {table}_figee_update BEFORE UPDATE ON {table}
WHEN EXISTS (SELECT 1 FROM cadre_edition WHERE id IN (OLD.edition_id, NEW.edition_id) AND statut = 'publiee')
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
