"""Five stories of real congresses, told by calling the services: what newspapers and portals wrote of them.

Names, numbers and dates that the texts state are kept to the letter. Whatever else a congress needs is
invented and says so: members are ``is_invented``, accounts, invented bodies and documents carry “(bịa)”.
"""
