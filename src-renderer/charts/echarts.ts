/** The parts of ECharts that are used, and nothing else; drawn on canvas, since its SVG breaks a strict content policy. */
import { LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([LineChart, GridComponent, AriaComponent, CanvasRenderer])

export type { EChartsCoreOption } from 'echarts/core'
