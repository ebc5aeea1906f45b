// What the graphics card does for each pixel, with the formulas of `imaging/src`: geometry.rs, adjust.rs
// and sharpen.rs. A picture is 8 bits deep between the steps there, so it is here.

/** One triangle that covers everything. */
export const EVERYWHERE = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

const HEAD = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D picture;
// Rows to turn over: the screen counts them from below. 0 leaves them.
uniform float rows;
out vec4 colour;

vec2 here() {
  return vec2(gl_FragCoord.x, rows > 0.0 ? rows - gl_FragCoord.y : gl_FragCoord.y);
}

vec4 pixel(ivec2 at) {
  return texelFetch(picture, clamp(at, ivec2(0), textureSize(picture, 0) - 1), 0);
}
`;

/** Shape and light. */
export const DEVELOP = `${HEAD}
uniform mat3 place;
uniform bool between;
uniform mat3 light;
uniform float steepness;
uniform float saturation;

vec4 weights(float t) {
  return vec4(
    ((2.0 - t) * t - 1.0) * t,
    (3.0 * t - 5.0) * t * t + 2.0,
    ((4.0 - 3.0 * t) * t + 1.0) * t,
    (t - 1.0) * t * t) / 2.0;
}

// Cubic convolution, colours weighted by alpha.
vec4 sampled(vec2 at) {
  vec2 base = floor(at);
  vec4 across = weights(at.x - base.x), down = weights(at.y - base.y);
  vec4 sum = vec4(0.0);
  for (int y = 0; y < 4; y++) {
    for (int x = 0; x < 4; x++) {
      vec4 one = pixel(ivec2(base) + ivec2(x, y) - 1);
      float alpha = one.a * across[x] * down[y];
      sum += vec4(one.rgb * alpha, alpha);
    }
  }
  if (sum.a < 0.5 / 255.0) return vec4(0.0);
  return clamp(vec4(sum.rgb / sum.a, sum.a), 0.0, 1.0);
}

vec3 decoded(vec3 value) {
  return mix(value / 12.92, pow((value + 0.055) / 1.055, vec3(2.4)), step(0.04045, value));
}

vec3 encoded(vec3 linear) {
  return mix(12.92 * linear, 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, linear));
}

vec3 logistic(vec3 x, float s) {
  return 1.0 / (1.0 + exp(-s * (x - 0.5)));
}

vec3 sigmoid(vec3 value) {
  float s = abs(steepness);
  if (s < 0.01) return value;
  vec3 low = logistic(vec3(0.0), s), high = logistic(vec3(1.0), s);
  if (steepness > 0.0) return (logistic(value, s) - low) / (high - low);
  vec3 y = low + value * (high - low);
  return 0.5 - log(1.0 / y - 1.0) / s;
}

void main() {
  vec3 from = place * vec3(here(), 1.0);
  vec2 at = from.xy / from.z;
  vec4 found = between ? sampled(at - 0.5) : pixel(ivec2(floor(at)));
  vec3 lit = clamp(light * decoded(found.rgb), 0.0, 1.0);
  vec3 toned = decoded(clamp(sigmoid(encoded(lit)), 0.0, 1.0));
  float grey = dot(toned, vec3(0.2126, 0.7152, 0.0722));
  vec3 coloured = clamp(grey + (toned - grey) * saturation, 0.0, 1.0);
  colour = vec4(encoded(coloured), found.a);
}`;

const BLUR = `
float luma(vec3 rgb) {
  return dot(rgb, vec3(0.299, 0.587, 0.114));
}

// A Gaussian of one pixel, three pixels far, on both sides alike.
const float KERNEL[4] = float[](0.3990503, 0.2420362, 0.0540056, 0.0044331);
`;

/** Brightness blurred along rows, in two channels of 8 bits. */
export const ALONG = `${HEAD}${BLUR}
void main() {
  ivec2 at = ivec2(here());
  float sum = 0.0;
  for (int i = -3; i <= 3; i++) sum += KERNEL[abs(i)] * luma(pixel(at + ivec2(i, 0)).rgb);
  float steps = sum * 255.0;
  colour = vec4(floor(steps) / 255.0, fract(steps), 0.0, 1.0);
}`;

/** What the blurred brightness lacks is added once more. */
export const SHARPEN = `${HEAD}${BLUR}
uniform sampler2D blurred;
uniform float gain;

float along(ivec2 at) {
  vec4 packed = texelFetch(blurred, clamp(at, ivec2(0), textureSize(blurred, 0) - 1), 0);
  return packed.r + packed.g / 255.0;
}

void main() {
  ivec2 at = ivec2(here());
  vec4 own = pixel(at);
  float sum = 0.0;
  for (int i = -3; i <= 3; i++) sum += KERNEL[abs(i)] * along(at + ivec2(0, i));
  colour = vec4(clamp(own.rgb + gain * (luma(own.rgb) - sum), 0.0, 1.0), own.a);
}`;
