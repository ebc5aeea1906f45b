# A page for each quality.
tier-free = Free
free-heading = A 3D model from a picture, free
free-lead = The Base generator, without an account. Nothing to sign up for, nothing to pay, and forgotten within the hour all the same.
free-limit = { $limit ->
        [one] One picture
       *[other] At most { $limit } pictures
    } from one address may wait at a time, and all take turns
base-heading = Base: a quick 3D model from a picture
base-lead = The built-in network guesses the shape, and your photo becomes its colours. Good for looking, trying out and first prints.
pro-heading = Pro: a 3D model in any light
pro-lead = The photo’s own light is taken out of the colours, so the model takes the light of wherever you put it. Maps show what its faces alone can’t.
ultra-heading = Ultra: the finest 3D model from a picture
ultra-lead = All that Pro has, on the finest grid and with the largest texture, for objects with much detail. It takes longer.
gives-heading = What you get
gives-grid = A surface from a grid of { $side } × { $side } × { $side } cells
gives-faces = { $faces } faces, or as many as you ask for
gives-texture = A texture of { $pixels } × { $pixels } pixels
gives-builtin = The built-in shape network, which answers quickly
gives-best = TripoSR for the shape where this server has it, otherwise the built-in network
gives-light = The photo’s soft light taken out of the colours
gives-maps = Normal, roughness and occlusion maps for physically based rendering
gives-enlarged = Small photos enlarged before they become colours
gives-formats = Every format: GLB, glTF, OBJ, STL, 3MF, PLY and USDZ
example-heading = An example
example-alt = A teapot, made by this engine from our own picture. Turn it with the arrow keys, zoom with plus and minus.
example-facts = Made at this quality by the built-in network from our own picture. So that this page stays light, it has only { $faces } faces and a texture of { $pixels } pixels.
example-turn = Turn it in 3D
tiers-more = What each quality gives:

# Other sides of the object.
sides-title = Add other sides of the object
sides-lead = Several photos of the same object make a better model. Walk a quarter turn around it for each: what is left in the first photo faces you in the left one.
sides-wait = While this is open, nothing is sent until you press the button.
