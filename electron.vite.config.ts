// How the three parts are built: main-side processes (one entry file each), the preload bridge, the renderer.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const alias = { '@shared': here('./src-shared') }

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      outDir: 'out/main',
      target: 'node20.18', // not derived from the declared Electron: the stand-in used where it can't be downloaded is older
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          app: here('src-main/app/main.ts'),
          cli: here('src-main/cli/main.ts'),
          engine: here('src-main/lab/engine.ts'),
          node: here('src-main/node/main.ts'),
          workload: here('src-main/workload/main.ts'),
          timer: here('src-main/workload/timer.ts'),
          janitor: here('src-main/janitor/main.ts'),
          burner: here('src-main/burner/main.ts'),
          judge: here('src-main/lab/judge/worker.ts'),
          sim: here('src-main/sim/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      externalizeDeps: false, // a sandboxed preload is one CommonJS file
      rolldownOptions: {
        input: { preload: here('src-main/app/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    publicDir: false,
    resolve: { alias },
    define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    plugins: [vue()],
    build: { outDir: 'out/renderer', target: 'chrome130', rolldownOptions: { input: here('src-renderer/index.html') } },
  },
})
