// The heavy part: three.js and model-viewer. Loaded only where there is a model to look at.

import { ModelViewerElement } from '@google/model-viewer';
import { text } from './text.ts';
import { connectTools } from './viewer-tools.ts';

// Models are written uncompressed, so no decoder is ever needed; without these lines
// model-viewer would know third-party addresses to fetch them from.
ModelViewerElement.dracoDecoderLocation = '';
ModelViewerElement.ktx2TranscoderLocation = '';
ModelViewerElement.lottieLoaderLocation = '';

/** Puts a viewer for `stage.dataset.viewer` over the preview. Rejects when it can't be drawn. */
export function mountViewer(stage: HTMLElement): Promise<HTMLElement> {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const viewer = new ModelViewerElement();
  const attributes: Record<string, string> = {
    src: stage.dataset['viewer'] ?? '',
    alt: stage.dataset['alt'] ?? text('viewer-alt'),
    loading: 'eager',
    reveal: 'auto',
    'camera-controls': '',
    'camera-orbit': '-25deg 78deg 105%',
    'touch-action': 'pan-y',
    'interaction-prompt': 'none',
    'shadow-intensity': '0.9',
    'shadow-softness': '0.8',
    'tone-mapping': 'neutral',
    ar: '',
    // Not "scene-viewer": it would send the model's address to a third party.
    'ar-modes': 'webxr quick-look',
    ...(calm ? {} : { 'auto-rotate': '', 'auto-rotate-delay': '1500' }),
  };
  for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value);
  viewer.append(arButton());
  viewer.addEventListener('ar-status', (event) => {
    if ((event as CustomEvent<{ status: string }>).detail.status === 'failed') tellArFailed(stage);
  });

  return new Promise((resolve, reject) => {
    viewer.addEventListener('load', async () => {
      // Loaded is not drawn: the preview stays until the first frames are on the screen.
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      stage.dataset['viewerState'] = 'ready';
      connectTools(stage, viewer);
      resolve(viewer);
    }, { once: true });
    viewer.addEventListener('error', () => {
      viewer.remove();
      reject(new Error('the model could not be drawn'));
    }, { once: true });
    stage.append(viewer);
  });
}

/** Below the stage, where the device had promised more than it can do. */
function tellArFailed(stage: HTMLElement): void {
  if (stage.nextElementSibling?.classList.contains('notice')) return;
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.role = 'alert';
  notice.textContent = text('viewer-ar-failed');
  stage.after(notice);
}

/** What the viewer shows where the device can put the model into the room. */
function arButton(): HTMLElement {
  const button = document.createElement('button');
  button.slot = 'ar-button';
  button.className = 'button small';
  button.textContent = text('viewer-ar');
  return button;
}
