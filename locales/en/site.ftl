# What is around every page.
skip-to-content = Skip to the content
nav-label = Pages
nav-menu = Menu
nav-make = Make a model
nav-features = Features
nav-faq = Questions
nav-status = Status
footer-label = More pages
footer-story = Our story
footer-privacy = Privacy
footer-terms = Terms
footer-cookies = Cookie settings
footer-licences = Licences
footer-promise = No account. No cookie and no third party unless you agree. Pictures and models are destroyed within the hour.
footer-kept = Are these promises kept?
language-label = Language
moment = { $year }-{ $month }-{ $day } { $time } UTC

# What visitors are asked, if their visits are to be counted.
consent-label = Statistics
consent-choice = Your choice
consent-none = This server counts nothing, so there is nothing to accept or reject.
consent-question = May your browser tell { $services } which of our public pages you open? Never a picture, a model or a link to one. Your network address is not to be kept there.
consent-undecided = You haven’t chosen. Until you do, nothing is counted.
consent-accepted = You accepted. Your visits to public pages are counted.
consent-rejected = You rejected. Nothing is counted.
consent-signalled = Your browser asks not to be tracked (Global Privacy Control). That is a no: nothing is counted.
consent-accept = Accept
consent-reject = Reject

# The page with the drop zone.
home-title = A picture becomes a 3D model, then it is forgotten
home-description = Drop a picture of one object, get a textured 3D model. Picture and model are destroyed within the hour.
home-heading = A picture becomes a 3D model. Then it is forgotten.
home-lead = Drop a photo of one object. You get a textured model to turn, print or play with. An hour later, nothing of it is left here.
home-yours = Yours alone.
home-yours-text = Picture and model are encrypted with keys of their own. Only the link you get opens them.
home-gone = Gone within the hour.
home-gone-text = The keys are destroyed first, then the files. Or sooner: one button deletes everything now.
home-unused = Used for nothing else.
home-unused-text = No training, no gallery, no tracking. What you make, you keep.

# The form.
drop-here = Drop a picture here
drop-or = or choose one, paste one, take one with your phone
drop-formats = PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, up to { $megabytes } MB
drop-at-once = It is sent as soon as you choose it, with what is set below.
drop-chosen = The picture you chose
drop-stop = Stop
drop-make = Make the model
sample-take = Try it with this picture
sample-lead = No picture at hand?
sample-alt = A wooden bucket, a photograph
quality = Quality
tier-base = Base
tier-pro = Pro
tier-ultra = Ultra
tier-gives = { $texture }K texture, { $faces }k faces, { $beside }
tier-base-beside = quick
tier-pro-beside = less of the photo’s own light, normal and roughness maps
tier-ultra-beside = all that Pro has, the finest grid
engine-label = Shape network
engine-auto = the best there is for the quality
engine-builtin = built-in
engine-triposr = TripoSR, if this server has it
engine-inflate = none: blow the outline up
lifetime-label = Keep it for
lifetime-hour = an hour
lifetime-minutes = { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}
delete-after-download = Delete everything after the first download

# What few people set.
options-title = Options
options-lead = What you leave alone is the usual.
by-quality = as the quality has it
faces-label = Faces (triangles)
texture-label = Texture side, pixels
size-label = Longest side, mm
size-usual = { $size } for printing
seed-label = Seed
topology-label = Faces are
topology-triangle = triangles
topology-quad = quads, for sculpting
symmetry-label = Symmetry
symmetry-none = as it was seen
symmetry-auto = where it surely is
symmetry-x = left and right alike
ground-label = Stands
ground-flat = flat on the ground
ground-lowest = on its lowest point
ground-centre = around its middle
print-label = Prepare it for a 3D printer
