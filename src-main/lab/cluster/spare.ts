/** Nodes of a plan that do not run until an operator adds them. */
import type { PlanNode } from '@shared/plan/plan'

export const isSpare = (node: PlanNode & { spare?: boolean }): boolean => node.spare === true
