# The page of a job.
job-queued = Waiting its turn
job-running = Making your model
job-done = Your model is ready
job-failed = No model this time
job-cancelled = Stopped
stage-matte = Cutting out the object
stage-shape = Finding its shape
stage-surface = Closing the surface
stage-texture = Painting it
stage-export = Writing the file
job-picture = Your picture
job-rendering = A rendering of your model
progress-label = How far it is
turn-label = Turn the model
turn-front = Front
turn-right = Right
turn-back = Back
turn-left = Left
download = Download the model
download-picture = Picture of it
download-facts = Binary glTF (.glb) with its texture inside: opens in Blender, game engines, slicers and phones.
made-in = Made in { $seconds } s.
formats-other = Other formats
format-usdz = iPhone, iPad and Mac
format-obj = any 3D program, zipped
format-gltf = as separate files, zipped
format-ply = colours at its vertices
print-size = To print, longest side in mm
format-3mf = 3MF, in colour
retry-lead = Your picture is still here, sealed, until the time below is over. You can have it tried again, with other options if you like.
background-label = Background
background-out = take it out
background-in = leave it in
retry = Try again
retry-impossible = It can’t be tried again: the picture has been destroyed.
cancelled-lead = You stopped it. The picture has been destroyed.
deleted-in = Deleted in
deleted-after-download = Deleted after the first download, or in
delete-now = Delete now
delete-sooner = Delete it sooner
lifetime-as-now = as long as now
shorten = Shorten

# Many pictures at once.
batch-title = Many pictures
batch-description = Send many pictures of different objects at once and get a 3D model of each, with its own link and its own deadline.
batch-heading = Many pictures, a model of each
batch-lead = Choose up to { $most } pictures of different objects and get a model of each.
batch-pictures = Pictures
batch-drop = Drop your pictures here
batch-drop-or = or choose them, one after the other or all at once
batch-each = One job for each.
batch-each-text = What fails stops no other, and each has its own link and its own deadline.
batch-program = For programs, too.
batch-program-text = Many pictures in one request or one command:
batch-make = Make the models
batch-yours = Your pictures
batch-yours-lead = One line for each, in the order in which you sent them. Keep the address of this list: there is no other.
batch-destroyed = Destroyed in { $time }
batch-again = Look again
batch-more = More pictures

# Why there is no model: failure-CODE.
failure-no_foreground = The picture is transparent everywhere, so no object can be seen in it; save it again with the object opaque.
failure-matte_missing = Background removal is not installed on this server; turn it off, or send a picture with a transparent background.
failure-matte_broken = Background removal does not work on this server; turn it off, or send a picture with a transparent background.
failure-triposr_missing = TripoSR is not installed on this server; choose another engine.
failure-triposr_broken = TripoSR does not work on this server; choose another engine.
failure-engine = No model could be made from this picture; try another engine or another picture.
    .tool = Nothing could be made of this picture; try another picture.
failure-crashed = The program stopped unexpectedly while working on this picture; try again, with a lower quality, or another picture.
    .tool = The program stopped unexpectedly while working on this picture; try again, or with a smaller picture.
failure-too_many_tries = The program stopped unexpectedly each time it worked on this picture; try a lower quality or another picture.
    .tool = The program stopped unexpectedly each time it worked on this picture; try a smaller picture.
failure-too_much_memory = This picture needs more memory than the server gives to one; choose a lower quality or a smaller picture.
    .tool = This picture needs more memory than the server gives to one; make it smaller, or do less at a time.
failure-too_long = This picture took longer than the server works on one; choose a lower quality or another picture.
    .tool = This picture took longer than the server works on one; make it smaller, or do less at a time.
failure-no_worker = The server could not begin to work on this picture; try again later.
failure-picture_lost = The picture was destroyed before its turn came; send it again.
failure-disk_full = The server’s disk is full; try again later.
failure-storage = The server could not store the model; try again later.
    .tool = The server could not store the picture; try again later.
failure-no_object = No object stands out in the picture; crop it closer, or mark the object by hand.
failure-outside = The crop or a corner lies outside the picture; choose one inside it.
failure-too_large = Enlarged, the picture would be larger than any that is taken; crop it or make it smaller first.
failure-mask = The mask must have the picture’s size and mark a part of it in white; paint it on the picture itself.
failure-tool_missing = A network that this needs is not installed on this server; its operator can install it with `ai3dgen models pull`.
failure-tool_broken = A network that this needs does not work on this server; its operator can check it with `ai3dgen models verify`.

# What is unusual about a picture: notice-NAME.
notice-touches_border = The object is cut off at the picture’s border; leave some room around it for a complete model.
notice-whole_picture = The whole picture was used as the object because background removal is off.
notice-no_object = Nothing stands out from the background, so the whole picture was used as the object; use a picture of a single object in front of a plain background.
notice-several_objects = { $number } separate objects were found and only the main one was modelled; crop the picture to the one you want.
notice-scene = No single object stands out clearly, so the model may be a guess at a part of the scene; use a picture of one object in front of a plain background.
notice-full_frame = The object fills the whole picture and goes on beyond it; step back until all of it is in the picture, with some room around it.
notice-see_through = Most of the object is see-through and was modelled as solid; an opaque cut-out shows its shape better.
notice-small = The object is only { $number ->
        [one] one pixel
       *[other] { $number } pixels
    } large; use a picture in which it has 256 or more.
notice-thickened = The object is thinner than the finest detail a model can have and was made thicker; crop the picture to a part of it, or choose a higher tier.
notice-inflated = The shape network made nothing of this picture, so the outline was inflated instead; another view of the object may work better.
notice-triangles = Parts of the object are too thin for so few quads, so the model has triangles; ask for more faces to get quads.
notice-more_faces = The model has { $number } faces, more than you asked for: with fewer, thin parts would tear; take some away in a 3D program if that doesn’t matter to you.
notice-left_left_out = The left picture doesn’t fit the others and was left out; check that it shows the same object from that side.
notice-back_left_out = The back picture doesn’t fit the others and was left out; check that it shows the same object from that side.
notice-right_left_out = The right picture doesn’t fit the others and was left out; check that it shows the same object from that side.

# Whether it can be printed; finding-NAME for what was found.
report-title = Can it be printed?
report-open = Have a look at it
report-yes = Yes, nothing stands against it.
report-no = Not as it is.
report-size = Longest side in mm
report-check = Check this size
report-picture = The model from four sides, coloured where the report has something to say; opens larger
report-back = Back to the model
fact-size = Size
fact-wall = Thinnest wall
fact-volume = Volume
fact-watertight = Watertight
fact-faces = Faces
yes = yes
no = no
millimetres = { $millimetres } mm
cubic-centimetres = { $volume } cm³
finding-no_surface = There is no surface in this file.
finding-not_finite = { $number ->
        [one] One corner set
       *[other] { $number } corner sets
    } of faces that are not numbers; repair drops them.
finding-holes = It has { $number ->
        [one] one hole
       *[other] { $number } holes
    }; repair closes them.
finding-crowded_edges = More than two faces meet at { $number ->
        [one] one edge
       *[other] { $number } edges
    }; repair separates them.
finding-pinched_vertices = Parts touch in nothing but a point at { $number ->
        [one] one vertex
       *[other] { $number } vertices
    }; repair separates them.
finding-one_sided = { $number ->
        [one] One piece has
       *[other] { $number } pieces have
    } no inside and outside, like a Möbius strip; give it thickness in a modelling program.
finding-flipped_faces = { $number ->
        [one] One face looks
       *[other] { $number } faces look
    } the wrong way; repair turns them.
finding-flipped_shells = { $number ->
        [one] One piece is
       *[other] { $number } pieces are
    } inside out; repair turns them.
finding-crossings = { $number ->
        [one] One pair of faces runs
       *[other] { $number } pairs of faces run
    } through each other; repair untangles what it can.
finding-many_crossings = At least { $number } pairs of faces run through each other; repair untangles what it can.
finding-no_volume = It encloses no volume; give it thickness in a modelling program.
finding-thin_walls = Walls on { $number } % of the surface are thinner than { $millimetres } mm; print it larger.
finding-overhang = { $number } % of the surface hangs over; switch supports on in the slicer.
finding-small_base = It hardly touches the plate; flatten its base or print it with a brim.
finding-hanging = { $number ->
        [one] One piece hangs
       *[other] { $number } pieces hang
    } in the air, touching nothing: print with support and expect separate parts.
finding-inside = { $number ->
        [one] One piece lies
       *[other] { $number } pieces lie
    } inside others; a cavity traps material, hidden parts only cost time.
finding-idle = { $number ->
        [one] One face has
       *[other] { $number } faces have
    } no area or repeat another; repair drops them.
