// Everything the pages need; the viewer comes later, and only where there is a model.
import './styles/main.css';
import { JobCard } from './job-card.ts';
import { ModelStage } from './model-stage.ts';
import { PictureDrop } from './picture-drop.ts';
import { ReportPanel } from './report-panel.ts';
import { TimeLeft } from './time-left.ts';

customElements.define('time-left', TimeLeft);
customElements.define('picture-drop', PictureDrop);
customElements.define('job-card', JobCard);
customElements.define('model-stage', ModelStage);
customElements.define('report-panel', ReportPanel);

// Pages are swapped in place (see swap.ts); going back means asking the server again.
window.addEventListener('popstate', () => location.reload());
