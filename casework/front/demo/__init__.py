"""The demo: invented people, invented children, and a story that is told anew relative to today.

`seeding` places people and homes before the service starts; `filling` brings in Exampleshire's own files and
plays the story while it runs already. Everything goes through the services that people use.
"""
