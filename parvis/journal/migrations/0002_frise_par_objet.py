
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='evenement',
            name='journal_par_objet',
        ),
        migrations.AddIndex(
            model_name='evenement',
            index=models.Index(fields=['objet', 'instant'], name='journal_par_objet'),
        ),
    ]
