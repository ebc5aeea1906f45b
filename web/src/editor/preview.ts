import type { Look } from './look.ts';
import { diagonal, multiplied, type Vector } from './matrix.ts';
import { ALONG, DEVELOP, EVERYWHERE, SHARPEN } from './shaders.ts';
import type { Placed } from './shape.ts';
import { seenLight, whiteMatrix } from './white.ts';

/** Steepness of the strongest contrast curve, and what 100 per cent of sharpness add, as in `imaging/src`. */
const STEEPEST = 8;
const STRONGEST = 1.5;

type Pass = 'develop' | 'along' | 'sharpen';

/** What a pass draws into, unless it is the screen. */
interface Target {
  readonly texture: WebGLTexture;
  readonly frame: WebGLFramebuffer;
}

/** Draws a picture on a canvas as it will look, by WebGL 2. Throws where there is none. */
export class Preview {
  readonly #gl: WebGL2RenderingContext;
  readonly #picture: WebGLTexture;
  readonly #developed: Target;
  readonly #blurred: Target;
  readonly #programs: Record<Pass, WebGLProgram>;
  #seen: Vector | undefined;
  /** Passed by the graphics card when all that was drawn is there. */
  #fence: WebGLSync | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', {
      premultipliedAlpha: false,
      antialias: false,
      depth: false,
      // What is shown can be saved from the browser's own menu.
      preserveDrawingBuffer: true,
    });
    if (!gl) throw new Error('no WebGL 2');
    this.#gl = gl;
    this.#picture = this.#texture();
    this.#developed = this.#target();
    this.#blurred = this.#target();
    this.#programs = {
      develop: this.#program(DEVELOP),
      along: this.#program(ALONG),
      sharpen: this.#program(SHARPEN),
    };
  }

  /** The picture to draw, upright. */
  show(picture: ImageData): void {
    const gl = this.#gl;
    gl.bindTexture(gl.TEXTURE_2D, this.#picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    this.#seen = seenLight(picture.data);
  }

  /** Draws it, and doesn't wait for that. `placed` is in its own pixels. */
  draw(placed: Placed, look: Look): void {
    const gl = this.#gl;
    this.#draw(placed, look);
    gl.deleteSync(this.#fence);
    this.#fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  /** Whether the last drawing isn't there yet. The answer changes between frames, not within one. */
  get isDrawing(): boolean {
    const gl = this.#gl;
    return this.#fence !== null && gl.getSyncParameter(this.#fence, gl.SYNC_STATUS) === gl.UNSIGNALED;
  }

  #draw({ width, height, from }: Placed, { light, sharpen, shape }: Look): void {
    const gl = this.#gl;
    const canvas = gl.canvas;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, width, height);
    const stops = 2 ** light.exposure;
    const matrix = multiplied(whiteMatrix(light, this.#seen), diagonal([stops, stops, stops]));
    const onScreen = sharpen <= 0;

    const develop = this.#use('develop', onScreen ? null : this.#developed, width, height);
    gl.uniformMatrix3fv(develop('place'), true, from);
    gl.uniform1i(develop('between'), Number(shape.straighten !== 0 || shape.corners !== null));
    gl.uniformMatrix3fv(develop('light'), true, matrix);
    gl.uniform1f(develop('steepness'), (light.contrast / 100) * STEEPEST);
    gl.uniform1f(develop('saturation'), 1 + light.saturation / 100);
    this.#pass(this.#picture);
    if (onScreen) return;

    this.#use('along', this.#blurred, width, height);
    this.#pass(this.#developed.texture);
    const sharpened = this.#use('sharpen', null, width, height);
    gl.uniform1f(sharpened('gain'), (STRONGEST * sharpen) / 100);
    gl.uniform1i(sharpened('blurred'), 1);
    this.#pass(this.#developed.texture, this.#blurred.texture);
  }

  /** Chooses a program and where it draws; answers where its values go. */
  #use(name: Pass, target: Target | null, width: number, height: number): (uniform: string) => WebGLUniformLocation | null {
    const gl = this.#gl;
    const program = this.#programs[name];
    if (target) {
      gl.bindTexture(gl.TEXTURE_2D, target.texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, target?.frame ?? null);
    gl.useProgram(program);
    gl.uniform1f(gl.getUniformLocation(program, 'rows'), target ? 0 : height);
    return (uniform) => gl.getUniformLocation(program, uniform);
  }

  #pass(...textures: WebGLTexture[]): void {
    const gl = this.#gl;
    textures.forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.activeTexture(gl.TEXTURE0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #texture(): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    return texture;
  }

  #target(): Target {
    const gl = this.#gl;
    const [texture, frame] = [this.#texture(), gl.createFramebuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, frame };
  }

  #program(fragment: string): WebGLProgram {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, EVERYWHERE], [gl.FRAGMENT_SHADER, fragment]] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error('the shaders don’t link');
    return program;
  }
}
