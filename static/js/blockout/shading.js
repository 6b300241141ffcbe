// How grey boxes are lit and lined in the 3D view: one small shader for all solids, because software rendering
// pays for every instruction of every pixel. `mode` chooses between clay, colour, depth and lines.

import { DoubleSide, FrontSide, ShaderMaterial } from "../../vendor/three/three.module.min.js";

export const MODES = { clay: 0, colour: 1, depth: 2, lines: 3 };

const VERTEX = `
  attribute vec3 tone;
  attribute vec4 mark; // across a box's face, 1 on round shapes, 1 when selected
  varying vec3 vNormal;
  varying vec4 vMark;
  varying vec3 vTone;
  varying vec3 vWorld;
  varying float vDepth;
  void main() {
    vNormal = normal;
    vMark = mark;
    vTone = tone;
    vWorld = position;
    vec4 seen = viewMatrix * vec4(position, 1.0);
    vDepth = -seen.z;
    gl_Position = projectionMatrix * seen;
  }
`;

const FRAGMENT = `
  uniform int mode;
  uniform vec3 accent;
  uniform vec2 reach; // nearest and farthest metres of the depth picture
  varying vec3 vNormal;
  varying vec4 vMark;
  varying vec3 vTone;
  varying vec3 vWorld;
  varying float vDepth;

  float edge(vec3 n) {
    if (vMark.z > 0.5) return 1.0 - smoothstep(0.12, 0.3, abs(dot(n, normalize(cameraPosition - vWorld))));
    vec2 d = (1.0 - abs(vMark.xy)) / max(fwidth(vMark.xy), vec2(1e-6));
    return 1.0 - smoothstep(0.4, 1.5, min(d.x, d.y));
  }

  void main() {
    vec3 n = normalize(vNormal);
    float line = edge(n);
    vec3 ink;
    if (mode == 2) {
      float near = 1.0 / clamp(vDepth, reach.x, reach.y);
      float share = (near - 1.0 / reach.y) / (1.0 / reach.x - 1.0 / reach.y);
      ink = vec3(0.08 + 0.92 * pow(clamp(share, 0.0, 1.0), 0.7));
    } else if (mode == 3) {
      ink = mix(vec3(0.93), vec3(0.1), line);
    } else {
      float sky = 0.5 + 0.5 * n.y;
      float key = max(dot(n, normalize(vec3(0.45, 0.8, 0.55))), 0.0);
      float fill = max(dot(n, normalize(vec3(-0.7, 0.25, 0.35))), 0.0);
      float light = 0.36 + 0.26 * sky + 0.48 * key + 0.2 * fill;
      vec3 base = mode == 1 ? sqrt(vTone) * 0.95 : mix(vec3(0.72), vec3(sqrt(dot(vTone, vec3(0.3, 0.55, 0.15)))), 0.35);
      ink = base * light;
      ink = mix(ink, ink * 0.55, line * 0.75);
    }
    if (vMark.w > 0.5) ink = mix(mix(ink, accent, mode == 3 ? 0.25 : 0.3), accent, line);
    gl_FragColor = vec4(ink, 1.0);
  }
`;

const FLOOR_VERTEX = `
  varying vec3 vWorld;
  varying float vDepth;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    vWorld = world.xyz;
    vec4 seen = viewMatrix * world;
    vDepth = -seen.z;
    gl_Position = projectionMatrix * seen;
  }
`;

const FLOOR_FRAGMENT = `
  uniform int mode;
  uniform vec2 reach;
  uniform vec3 tone;
  uniform float lined;
  varying vec3 vWorld;
  varying float vDepth;
  void main() {
    vec2 cell = abs(fract(vWorld.xz - 0.5) - 0.5) / max(fwidth(vWorld.xz), vec2(1e-6));
    float far = clamp(vDepth / 45.0, 0.0, 1.0);
    float line = (1.0 - smoothstep(0.3, 1.3, min(cell.x, cell.y))) * lined * (1.0 - far);
    vec3 ink = tone;
    if (mode == 2) {
      float near = 1.0 / clamp(vDepth, reach.x, reach.y);
      ink = vec3(0.08 + 0.92 * pow(clamp((near - 1.0 / reach.y) / (1.0 / reach.x - 1.0 / reach.y), 0.0, 1.0), 0.7));
    } else if (mode == 3) {
      ink = mix(vec3(0.97), vec3(0.82), line);
    } else {
      ink = mix(ink, ink * 1.22, line);
    }
    gl_FragColor = vec4(ink, 1.0);
  }
`;

/** Uniforms that all materials of one scene share. */
export function sharedUniforms() {
  return {
    mode: { value: MODES.clay },
    accent: { value: [0.941, 0.651, 0.227] },
    reach: { value: [0.6, 30] },
  };
}

/** The material of all solids. */
export function solidMaterial(uniforms) {
  return new ShaderMaterial({ uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT, side: FrontSide });
}

/** Floor and ceiling; `lined`: 1 draws a line every metre. */
export function floorMaterial(uniforms, tone, lined) {
  return new ShaderMaterial({
    uniforms: { ...uniforms, tone: { value: tone }, lined: { value: lined } },
    vertexShader: FLOOR_VERTEX,
    fragmentShader: FLOOR_FRAGMENT,
    side: DoubleSide,
  });
}
