# The blog.
blog = Blog
blog-heading = What we think about while building this
blog-description = How a private way from a picture to a 3D model works, what it can do, and what it can’t.
blog-feed = As a feed (RSS)
day = { $year }-{ $month }-{ $day }

# Whom to write to.
contact = Contact
contact-heading = Write to whoever runs this server
contact-description = Questions, faults, wishes, or a child’s picture that must go: how to reach whoever runs this server.
contact-address = By e-mail to
contact-subject = Subject
contact-message = Message
contact-write = Go on in my mail program
contact-own = Your own mail program opens with it. Nothing that you write here passes through this server.
contact-none = Whoever runs this server has not named an address.
contact-care = Don’t send the address of a job to anyone: whoever knows it can see the model. To have something deleted at once, press the button on its page.
