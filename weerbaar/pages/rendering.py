from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Gives every field the classes of the design system."""
