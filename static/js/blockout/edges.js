// The line picture of a camera, by the rule of the server's renderer (previs.blockout.finish.draw_lines): a pixel is
// an edge where item, depth or direction of the surface breaks towards its right or lower neighbour. With it a test
// compares what the browser sees with what the server renders.

import { FloatType, Mesh, NearestFilter, PerspectiveCamera, ShaderMaterial, WebGLRenderTarget } from "../../vendor/three/three.module.min.js";
import { SetScene } from "./scene3d.js";
import { aim } from "./view3d.js";
import { stagedFor } from "./wild.js";

const VERTEX = `
  attribute vec2 who;
  varying vec2 vWho;
  varying vec3 vNormal;
  varying float vDepth;
  void main() {
    vWho = who;
    vNormal = normal;
    vec4 seen = viewMatrix * modelMatrix * vec4(position, 1.0);
    vDepth = -seen.z;
    gl_Position = projectionMatrix * seen;
  }
`;
const WHO = `
  varying vec2 vWho;
  varying float vDepth;
  void main() {
    gl_FragColor = vec4(floor(vWho + 0.5), vDepth, 1.0);
  }
`;
const NORMAL = `
  varying vec3 vNormal;
  void main() {
    gl_FragColor = vec4(normalize(vNormal), 1.0);
  }
`;

/** Read a scene as floats, (height, width, 4), first row on top. */
function read(renderer, set, camera, fragmentShader, { width, height }) {
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader });
  set.scene.traverse((thing) => {
    if (thing instanceof Mesh) thing.material = material;
  });
  const target = new WebGLRenderTarget(width, height, { type: FloatType, minFilter: NearestFilter, magFilter: NearestFilter });
  renderer.setRenderTarget(target);
  renderer.render(set.scene, camera);
  const pixels = new Float32Array(width * height * 4);
  renderer.readRenderTargetPixels(target, 0, 0, width, height, pixels);
  renderer.setRenderTarget(null);
  target.dispose();
  const upright = new Float32Array(pixels.length);
  for (let row = 0; row < height; row += 1) upright.set(pixels.subarray((height - 1 - row) * width * 4, (height - row) * width * 4), row * width * 4);
  return upright;
}

/** Places y * width + x of all edge pixels of a camera's picture. view: a View3D. */
export function edgePixels(view, label, width) {
  const { plan } = view.store;
  const height = Math.round(width / view.ratio);
  const lens = plan.cameras.find((one) => one.id === label);
  const set = new SetScene(view.set.library, { fine: true });
  const staged = stagedFor(plan, lens);
  set.update(staged.plan, { gizmos: false, roof: staged.roof });
  set.scene.background = null;
  const camera = new PerspectiveCamera();
  aim(camera, lens, { width, height, frameWidth: width });
  const size = { width, height };
  const who = read(view.renderer, set, camera, WHO, size);
  const normals = read(view.renderer, set, camera, NORMAL, size);
  const edges = [];
  const breaks = (a, b) => {
    if (who[a] !== who[b]) return true;
    if (!who[a]) return false;
    if (Math.abs(who[a + 2] - who[b + 2]) > 0.06 * Math.min(who[a + 2], who[b + 2]) + 0.02) return true;
    const bend = normals[a] * normals[b] + normals[a + 1] * normals[b + 1] + normals[a + 2] * normals[b + 2];
    return bend < (who[a + 1] === who[b + 1] ? 0.5 : 0.4);
  };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const here = (y * width + x) * 4;
      const right = (y * width + Math.min(x + 1, width - 1)) * 4;
      const below = (Math.min(y + 1, height - 1) * width + x) * 4;
      if (breaks(here, right) || breaks(here, below)) edges.push(y * width + x);
    }
  }
  view.invalidate(true);
  return edges;
}
