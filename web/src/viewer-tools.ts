// What can be done with a model on the stage. The server renders the buttons (templates/viewer.html);
// they work from the moment there is something to look at.

import type { ModelViewerElement } from '@google/model-viewer';
import { $scene } from '@google/model-viewer/lib/model-viewer-base.js';
import { Measure } from './measure.ts';
import { type Material, type Mesh, MeshNormalMaterial } from 'three';

/** Connects every button and field for this stage. */
export function connectTools(stage: HTMLElement, viewer: ModelViewerElement): void {
  const look = new Look(viewer);
  const measuring = parts(stage, '[data-tool=measuring]');
  const measure = new Measure(stage, viewer, (metres) => {
    const said = metres === undefined ? '–' : lengthText(metres);
    for (const distance of parts(stage, '[data-tool=distance]')) distance.textContent = said;
  });
  const tools: Record<string, (on: boolean) => void> = {
    turntable: (on) => (viewer.autoRotate = on),
    wireframe: (on) => look.set({ wireframe: on }),
    normals: (on) => look.set({ normals: on }),
    background: (on) => stage.toggleAttribute('data-other-background', on),
    measure: (on) => {
      for (const part of measuring) part.hidden = !on;
      measure.switch(on);
      if (on) stop();
    },
    full: () => void stage.requestFullscreen(),
    picture: () => void savePicture(viewer),
  };
  const buttons = new Map<string, HTMLButtonElement>();
  for (const button of parts<HTMLButtonElement>(stage, 'button[data-tool]')) {
    const name = button.dataset['tool'] ?? '';
    buttons.set(name, button);
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') === 'false';
      if (button.hasAttribute('aria-pressed')) button.setAttribute('aria-pressed', String(on));
      tools[name]?.(on);
    });
    button.disabled = false;
  }
  const turntable = buttons.get('turntable');
  const stop = (): void => {
    viewer.autoRotate = false;
    turntable?.setAttribute('aria-pressed', 'false');
  };
  turntable?.setAttribute('aria-pressed', String(viewer.autoRotate));
  for (const button of parts<HTMLButtonElement>(stage, '[data-azimuth]')) {
    button.addEventListener('click', () => {
      stop();
      viewer.resetTurntableRotation(0);
      viewer.cameraOrbit = `${button.dataset['azimuth']}deg 78deg 105%`;
    });
    button.disabled = false;
  }
  for (const light of parts<HTMLInputElement>(stage, 'input[data-tool=light]')) {
    light.addEventListener('input', () => (viewer.exposure = Number(light.value)));
    light.disabled = false;
  }
  for (const size of parts(stage, '[data-tool=size]')) size.textContent = sizeText(viewer);
}

function parts<T extends HTMLElement>(stage: HTMLElement, selector: string): NodeListOf<T> {
  return document.querySelectorAll<T>(`[data-for="${stage.id}"] ${selector}`);
}

/** Width, height and depth, as glTF has them in metres. */
function sizeText(viewer: ModelViewerElement): string {
  const { x, y, z } = viewer.getDimensions();
  return [x, y, z].map(lengthText).join(' × ');
}

function lengthText(metres: number): string {
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'meter', maximumFractionDigits: 3 });
  return format.format(metres);
}

/** What is on the stage now, as a file. */
async function savePicture(viewer: ModelViewerElement): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await viewer.toBlob({ mimeType: 'image/png' }));
  link.download = 'view.png';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** How the surface is drawn. model-viewer has no words for that, its scene does. */
class Look {
  readonly #viewer: ModelViewerElement;
  readonly #own = new Map<Mesh, Material | Material[]>();
  readonly #normals = new MeshNormalMaterial();
  #wireframe = false;
  #showsNormals = false;

  constructor(viewer: ModelViewerElement) {
    this.#viewer = viewer;
  }

  set({ wireframe = this.#wireframe, normals = this.#showsNormals }: { wireframe?: boolean; normals?: boolean }): void {
    this.#wireframe = wireframe;
    this.#showsNormals = normals;
    const scene = this.#viewer[$scene];
    scene.model?.traverse((part) => {
      const mesh = part as Mesh;
      if (!mesh.isMesh) return;
      const own = this.#own.get(mesh) ?? mesh.material;
      this.#own.set(mesh, own);
      mesh.material = normals ? this.#normals : own;
      for (const material of [mesh.material].flat()) Object.assign(material, { wireframe });
    });
    scene.queueRender();
  }
}
