package hard

// select100 is a select with as many cases.
func select100(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case v := <-c[2]:
		return v
	case v := <-c[3]:
		return v
	case v := <-c[4]:
		return v
	case v := <-c[5]:
		return v
	case v := <-c[6]:
		return v
	case v := <-c[7]:
		return v
	case v := <-c[8]:
		return v
	case v := <-c[9]:
		return v
	case v := <-c[10]:
		return v
	case v := <-c[11]:
		return v
	case v := <-c[12]:
		return v
	case v := <-c[13]:
		return v
	case v := <-c[14]:
		return v
	case v := <-c[15]:
		return v
	case v := <-c[16]:
		return v
	case v := <-c[17]:
		return v
	case v := <-c[18]:
		return v
	case v := <-c[19]:
		return v
	case v := <-c[20]:
		return v
	case v := <-c[21]:
		return v
	case v := <-c[22]:
		return v
	case v := <-c[23]:
		return v
	case v := <-c[24]:
		return v
	case v := <-c[25]:
		return v
	case v := <-c[26]:
		return v
	case v := <-c[27]:
		return v
	case v := <-c[28]:
		return v
	case v := <-c[29]:
		return v
	case v := <-c[30]:
		return v
	case v := <-c[31]:
		return v
	case v := <-c[32]:
		return v
	case v := <-c[33]:
		return v
	case v := <-c[34]:
		return v
	case v := <-c[35]:
		return v
	case v := <-c[36]:
		return v
	case v := <-c[37]:
		return v
	case v := <-c[38]:
		return v
	case v := <-c[39]:
		return v
	case v := <-c[40]:
		return v
	case v := <-c[41]:
		return v
	case v := <-c[42]:
		return v
	case v := <-c[43]:
		return v
	case v := <-c[44]:
		return v
	case v := <-c[45]:
		return v
	case v := <-c[46]:
		return v
	case v := <-c[47]:
		return v
	case v := <-c[48]:
		return v
	case v := <-c[49]:
		return v
	case v := <-c[50]:
		return v
	case v := <-c[51]:
		return v
	case v := <-c[52]:
		return v
	case v := <-c[53]:
		return v
	case v := <-c[54]:
		return v
	case v := <-c[55]:
		return v
	case v := <-c[56]:
		return v
	case v := <-c[57]:
		return v
	case v := <-c[58]:
		return v
	case v := <-c[59]:
		return v
	case v := <-c[60]:
		return v
	case v := <-c[61]:
		return v
	case v := <-c[62]:
		return v
	case v := <-c[63]:
		return v
	case v := <-c[64]:
		return v
	case v := <-c[65]:
		return v
	case v := <-c[66]:
		return v
	case v := <-c[67]:
		return v
	case v := <-c[68]:
		return v
	case v := <-c[69]:
		return v
	case v := <-c[70]:
		return v
	case v := <-c[71]:
		return v
	case v := <-c[72]:
		return v
	case v := <-c[73]:
		return v
	case v := <-c[74]:
		return v
	case v := <-c[75]:
		return v
	case v := <-c[76]:
		return v
	case v := <-c[77]:
		return v
	case v := <-c[78]:
		return v
	case v := <-c[79]:
		return v
	case v := <-c[80]:
		return v
	case v := <-c[81]:
		return v
	case v := <-c[82]:
		return v
	case v := <-c[83]:
		return v
	case v := <-c[84]:
		return v
	case v := <-c[85]:
		return v
	case v := <-c[86]:
		return v
	case v := <-c[87]:
		return v
	case v := <-c[88]:
		return v
	case v := <-c[89]:
		return v
	case v := <-c[90]:
		return v
	case v := <-c[91]:
		return v
	case v := <-c[92]:
		return v
	case v := <-c[93]:
		return v
	case v := <-c[94]:
		return v
	case v := <-c[95]:
		return v
	case v := <-c[96]:
		return v
	case v := <-c[97]:
		return v
	case v := <-c[98]:
		return v
	case v := <-c[99]:
		return v
	}
}
