-- tables: cadre_declinaison, cadre_renvoi, cadre_constat, cadre_rubriquedefiche, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
DROP TRIGGER IF EXISTS {table}_figee_delete;
-- fin
CREATE TRIGGER {table}_figee_delete BEFORE DELETE ON {table}
WHEN EXISTS (SELECT 1 FROM cadre_edition WHERE id = OLD.edition_id AND statut = 'publiee')
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
