// How grey boxes are lit and lined in the 3D view: one small shader for all solids, because software rendering
// pays for every instruction of every pixel. `mode` chooses between clay, colour, depth and lines.

import { DoubleSide, FrontSide, ShaderMaterial } from "../../vendor/three/three.module.min.js";

export const MODES = { clay: 0, colour: 1, depth: 2, lines: 3 };

const VERTEX = `
  attribute vec3 tone;
  attribute vec2 trait; // taper, 1 when selected
  varying vec3 vNormal;
  varying vec3 vLocal;
  varying vec3 vFace;
  varying vec3 vTone;
  varying vec3 vWorld;
  varying float vPicked;
  varying float vDepth;
  void main() {
    vec3 p = position;
    #ifdef CONE
      p.xz *= mix(1.0, trait.x, p.y * 0.5 + 0.5);
    #endif
    mat3 axes = mat3(instanceMatrix);
    vec3 n = normal / vec3(dot(axes[0], axes[0]), dot(axes[1], axes[1]), dot(axes[2], axes[2]));
    vNormal = axes * n;
    vLocal = p;
    vFace = abs(normal);
    vTone = tone;
    vPicked = trait.y;
    vec4 world = instanceMatrix * vec4(p, 1.0);
    vWorld = world.xyz;
    vec4 seen = viewMatrix * world;
    vDepth = -seen.z;
    gl_Position = projectionMatrix * seen;
  }
`;

const FRAGMENT = `
  uniform int mode;
  uniform vec3 accent;
  uniform vec2 reach; // nearest and farthest metres of the depth picture
  varying vec3 vNormal;
  varying vec3 vLocal;
  varying vec3 vFace;
  varying vec3 vTone;
  varying vec3 vWorld;
  varying float vPicked;
  varying float vDepth;

  float edge() {
    #ifdef BOX
      vec3 d = (1.0 - abs(vLocal)) / max(fwidth(vLocal), vec3(1e-6)) + step(0.5, vFace) * 1e3;
      return 1.0 - smoothstep(0.4, 1.5, min(d.x, min(d.y, d.z)));
    #else
      float rim = abs(dot(normalize(vNormal), normalize(cameraPosition - vWorld)));
      return 1.0 - smoothstep(0.12, 0.3, rim);
    #endif
  }

  void main() {
    vec3 n = normalize(vNormal);
    float line = edge();
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
      float light = 0.3 + 0.22 * sky + 0.42 * key + 0.16 * fill;
      vec3 base = mode == 1 ? sqrt(vTone) * 0.95 : mix(vec3(0.7), vec3(dot(vTone, vec3(0.3, 0.55, 0.15))), 0.32);
      ink = base * light;
      ink = mix(ink, ink * 0.55, line * 0.75);
    }
    if (vPicked > 0.5) ink = mix(mix(ink, accent, mode == 3 ? 0.25 : 0.3), accent, line);
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

/** Material of one shape: "box", "cone" or "ellipsoid". */
export function solidMaterial(shape, uniforms) {
  const defines = shape === "box" ? { BOX: 1 } : shape === "cone" ? { CONE: 1 } : {};
  return new ShaderMaterial({ defines, uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT, side: FrontSide });
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
