# The buttons of the viewer.
viewer-label = Ways to look at it
viewer-turn = Turntable
viewer-wireframe = Wireframe
viewer-normals = Normals
viewer-dark = Other background
viewer-full = Full screen
viewer-shot = Save a picture
viewer-light = Light
viewer-size = Width × height × depth:
viewer-measure = Measure
viewer-measure-how = Press two points of the model. By keyboard: turn it until a point is under the cross, then Enter.
viewer-distance = Distance:
