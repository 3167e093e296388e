from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_body_retention")]

    operations = [
        migrations.AddField(
            model_name="tenantstate",
            name="known_since_at",
            field=models.DateTimeField(null=True),
        ),
    ]
